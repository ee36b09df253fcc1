# EVaR, expectiles, CDaR, Kappa, co-moments, conditional betas and timing regressions of Bacon's 24 months, base R only.
# Nothing uses the method of riskresearch: one-dimensional optimize() and uniroot() on the definitions, lm() for
# regressions, and sums written out for the HAC errors. Run from this folder: Rscript more_measures.R > more_measures.out
d <- read.csv("../../riskresearch/metrics/_bacon.csv"); p <- d$portfolio; b <- d$benchmark; n <- length(p); py <- 12; rf <- 0.002; mar <- 0.005
put <- function(name, value) cat(sprintf("%-52s %.15g\n", name, value))
pop <- function(x) sqrt(mean((x - mean(x))^2))

cat("# Tail\n")
evar <- function(l, level) {  # min over t > 0 of t log(mean(exp(l / t)) / (1 - level)), Ahmadi-Javid 2012
  f <- function(u) { t <- exp(u); m <- max(l); m + t * log(mean(exp((l - m) / t)) / (1 - level)) }
  g <- seq(-14, 3, 0.01); k <- which.min(sapply(g, f))
  optimize(f, c(g[k] - 0.02, g[k] + 0.02), tol = 1e-12)$objective
}
for (level in c(.6, .75, .9, .95)) put(paste("entropic value at risk", level), evar(-p, level))
expectile <- function(l, level) {  # level E(l - e)+ = (1 - level) E(e - l)+, Newey & Powell 1987
  f <- function(e) level * mean(pmax(l - e, 0)) - (1 - level) * mean(pmax(e - l, 0))
  uniroot(f, range(l), tol = 1e-16)$root
}
for (level in c(.6, .75, .9, .95, .99)) put(paste("expectile", level), expectile(-p, level))
ru <- function(l, level) min(sapply(l, function(v) v + mean(pmax(l - v, 0)) / (1 - level)))
w <- cumprod(1 + p); dd <- 1 - w / cummax(c(1, w))[-1]
s <- cumsum(p); da <- cummax(c(0, s))[-1] - s
for (level in c(.6, .75, .9, .95)) {
  put(paste("conditional drawdown at risk", level), ru(dd, level))
  put(paste("conditional drawdown at risk, not compounded", level), ru(da, level))
}

cat("\n# Downside\n")
put("semideviation", sqrt(mean(pmin(p - mean(p), 0)^2)))
put("semideviation, divisor the months below", sqrt(sum(pmin(p - mean(p), 0)^2) / sum(p < mean(p))))
for (order in c(1, 2, 3, 4, 2.5)) {
  put(paste("kappa, MAR 0.005, order", order), (mean(p) - mar) / mean(pmax(mar - p, 0)^order)^(1 / order))
}
put("upside potential ratio MAR 0.005, divisor below", mean(pmax(p - mar, 0)) / sqrt(sum(pmin(p - mar, 0)^2) / sum(p < mar)))
put("gain to pain", sum(p) / sum(abs(p[p < 0])))
rp <- prod(1 + p)^(py / n) - 1; rb <- prod(1 + b)^(py / n) - 1; rfy <- (1 + rf)^py - 1
id <- cumsum(dd == 0); deepest <- tapply(dd, id, max); deepest <- sort(deepest[deepest > 0], decreasing = TRUE)
put("sterling, mean drawdown + 0.1", rp / (mean(deepest) + 0.1))
put("sterling, mean of the 3 deepest + 0.1", rp / (mean(deepest[1:3]) + 0.1))
put("sterling, worst drawdown + 0.1", rp / (max(dd) + 0.1))
put("sterling, worst drawdown + 0.1, rf 0.002", (rp - rfy) / (max(dd) + 0.1))
put("pain ratio, rf 0.002", (rp - rfy) / mean(dd)); put("martin ratio, rf 0.002", (rp - rfy) / sqrt(mean(dd^2)))

cat("\n# Against the benchmark\n")
fit <- lm(I(p - rf) ~ I(b - rf)); beta <- unname(coef(fit)[2]); r <- residuals(fit)
put("treynor geometric", rp / beta); put("treynor geometric rf 0.002", (rp - rfy) / beta)
put("treynor arithmetic rf 0.002", mean(p - rf) * py / beta)
put("m squared geometric", rp * sd(b) / sd(p)); put("m squared geometric rf 0.002", rfy + (rp - rfy) * sd(b) / sd(p))
put("m squared arithmetic rf 0.002", rf * py + mean(p - rf) / sd(p) * sd(b) * py)
put("appraisal rf 0.002, regression", unname(coef(fit)[1]) * py / (summary(fit)$sigma * sqrt(py)))
put("appraisal rf 0, annual returns, divisor n", (rp - rb * beta) / (pop(residuals(lm(p ~ b))) * sqrt(py)))
put("batting average", mean(p > b))
put("coskewness", mean((p - mean(p)) * (b - mean(b))^2) / (pop(p) * pop(b)^2))
put("cokurtosis", mean((p - mean(p)) * (b - mean(b))^3) / (pop(p) * pop(b)^3))
cb <- function(k) cov(p[k], b[k]) / var(b[k])
put("up beta, benchmark above its mean", cb(b > mean(b))); put("down beta, benchmark below its mean", cb(b < mean(b)))
put("up beta, benchmark above 0", cb(b > 0)); put("down beta, benchmark below 0", cb(b < 0))
put("up beta, excess above 0, rf 0.002", cb(b > rf)); put("down beta, excess below 0, rf 0.002", cb(b < rf))

cat("\n# Timing, rf 0.002\n")
hac <- function(fit, lags) {  # Newey & West 1987, Bartlett weights, no small-sample factor
  x <- model.matrix(fit); u <- residuals(fit) * x; meat <- crossprod(u)
  for (j in seq_len(lags)) {
    g <- crossprod(u[-seq_len(j), , drop = FALSE], u[seq_len(nrow(u) - j), , drop = FALSE])
    meat <- meat + (1 - j / (lags + 1)) * (g + t(g))
  }
  bread <- solve(crossprod(x)); sqrt(diag(bread %*% meat %*% bread))
}
y <- p - rf; m <- b - rf
for (model in c("treynor_mazuy", "henriksson_merton")) {
  z <- if (model == "treynor_mazuy") m^2 else pmax(-m, 0)
  fit <- lm(y ~ m + z); k <- coef(summary(fit)); h <- hac(fit, 2)
  for (i in 1:3) {
    name <- c("alpha", "beta", "timing")[i]
    put(paste(model, name), k[i, 1]); put(paste(model, name, "error ols"), k[i, 2])
    put(paste(model, name, "error hac 2"), unname(h[i]))
  }
  put(paste(model, "r squared"), summary(fit)$r.squared)
}

cat("\n# Population moments of the EDHEC excerpt\n")
e <- read.csv("../../riskresearch/metrics/_edhec_excerpt.csv")
for (column in names(e)[-1]) {
  z <- (e[[column]] - mean(e[[column]])) / pop(e[[column]])
  put(paste(column, "skewness"), mean(z^3)); put(paste(column, "excess kurtosis"), mean(z^4) - 3)
}
