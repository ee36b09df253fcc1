from ._forecasters import RiskForecaster as RiskForecaster, RunningForecast as RunningForecast
