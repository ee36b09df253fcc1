# Student-t VaR and CVaR, closed form beside numerical integration; maximum-likelihood fit of the location-scale t.
# Run from this folder: Rscript student_t.R > student_t.out
cat("# degrees of freedom, level, VaR = qt(level), CVaR closed form, CVaR by integrate(); standard t, not scaled to unit variance\n")
for (df in c(2.5, 3, 4, 5, 10, 30)) for (level in c(.95, .975, .99)) {
  q <- qt(level, df)
  closed <- dt(q, df) / (1 - level) * (df + q^2) / (df - 1)
  by_integral <- integrate(function(u) qt(u, df), level, 1, rel.tol = 1e-11, subdivisions = 5000L)$value / (1 - level)
  cat(sprintf("(%s, %s, %.14g, %.14g, %.14g),\n", df, level, q, closed, by_integral))
}
d <- read.csv("../../riskresearch/metrics/_edhec_excerpt.csv")
fit <- function(x, start) {
  nll <- function(p) -sum(dt((x - p[1]) / exp(p[2]), exp(p[3]), log = TRUE) - p[2])
  p <- start
  for (i in 1:6) p <- optim(p, nll, method = "Nelder-Mead", control = list(reltol = 1e-15, maxit = 20000))$par
  p <- optim(p, nll, method = "BFGS", control = list(reltol = 1e-16, maxit = 2000, ndeps = rep(1e-6, 3)))$par
  list(par = c(p[1], exp(p[2]), exp(p[3])), loglik = -nll(p))
}
cat("\n# fit: location, scale, degrees of freedom, log-likelihood, then VaR and CVaR of the fit at .95 and .99\n")
for (name in names(d)[-1]) {
  x <- d[[name]]; r <- fit(x, c(median(x), log(mad(x)), log(5))); m <- r$par[1]; s <- r$par[2]; df <- r$par[3]
  cat(sprintf("%-22s %.10f %.10f %.7g  loglik %.9f  normal loglik %.9f\n", name, m, s, df, r$loglik,
              sum(dnorm(x, mean(x), sqrt(mean((x - mean(x))^2)), log = TRUE))))
  for (level in c(.95, .99)) {
    q <- qt(level, df)
    cat(sprintf("  level %s VaR %.9f CVaR %.9f\n", level, -m + s * q,
                -m + s * dt(q, df) / (1 - level) * (df + q^2) / (df - 1)))
  }
}
