# Systematic, specific and total risk, modified Treynor, Rachev, prospect, adjusted Sharpe and d ratio, co-moment betas
# and CDaR beta of Bacon's 24 months and of the EDHEC excerpt, base R only. Nothing uses the method of riskresearch:
# lm() for regressions, minimised definitions for tails, and for the uncompounded CDaR beta the derivative of the CDaR of
# benchmark + e * portfolio at e = 0, which is what the paper's beta is.
# Run from this folder: Rscript field_measures.R > field_measures.out
d <- read.csv("../../riskresearch/reference/_bacon.csv"); p <- d$portfolio; b <- d$benchmark; n <- length(p); py <- 12; rf <- 0.002
e <- read.csv("../../riskresearch/reference/_edhec_excerpt.csv")
put <- function(name, value) cat(sprintf("%-60s %.15g\n", name, value))
pop <- function(x) sqrt(mean((x - mean(x))^2))
ru <- function(l, level) min(sapply(l, function(v) v + mean(pmax(l - v, 0)) / (1 - level)))

cat("# Risk against the benchmark, a year\n")
for (free in c(0, rf)) {
  fit <- lm(I(p - free) ~ I(b - free)); slope <- unname(coef(fit)[2])
  rp <- prod(1 + p)^(py / n) - 1 - ((1 + free)^py - 1)
  for (ddof in c(0, 1)) {
    tag <- sprintf("rf %g, divisor n - %d", free, ddof)
    sd2 <- sqrt(sum((b - mean(b))^2) / (n - ddof))
    put(paste("systematic risk,", tag), abs(slope) * sd2 * sqrt(py))
    put(paste("specific risk,", tag), sqrt(sum(residuals(fit)^2) / (n - ddof)) * sqrt(py))
    put(paste("total risk,", tag), sqrt(sum((p - mean(p))^2) / (n - ddof)) * sqrt(py))
    put(paste("modified treynor geometric,", tag), rp / (abs(slope) * sd2 * sqrt(py)))
    put(paste("modified treynor arithmetic,", tag), (mean(p) - free) * py / (abs(slope) * sd2 * sqrt(py)))
  }
}

cat("\n# Ratios\n")
for (level in c(.6, .75, .9)) put(paste("rachev", level), ru(p, level) / ru(-p, level))
put("rachev, losses 0.9, gains 0.75, rf 0.002", ru(p - rf, .75) / ru(rf - p, .9))
for (column in names(e)[-1]) put(paste("rachev 0.9", column), ru(e[[column]], .9) / ru(-e[[column]], .9))
for (mar in c(0, 0.005, 0.05)) {
  put(paste("prospect, MAR", mar), (mean(pmax(p, 0) + 2.25 * pmin(p, 0)) - mar) / sqrt(mean(pmin(p - mar, 0)^2)))
}
put("d ratio", sum(p < 0) * sum(-p[p < 0]) / (sum(p > 0) * sum(p[p > 0])))
asr <- function(x) { s <- mean(x) / sd(x); z <- (x - mean(x)) / pop(x); s * (1 + mean(z^3) / 6 * s - (mean(z^4) - 3) / 24 * s^2) }
put("adjusted sharpe, month", asr(p)); put("adjusted sharpe, year", asr(p) * sqrt(py))
put("adjusted sharpe, year, rf 0.002", asr(p - rf) * sqrt(py))

cat("\n# Co-moment betas\n")
m <- b - mean(b); r <- p - mean(p)
put("beta covariance", mean(r * m) / mean(m^2)); put("beta coskewness", mean(r * m^2) / mean(m^3))
put("beta cokurtosis", mean(r * m^3) / mean(m^4))

cat("\n# CDaR beta\n")
summed <- function(x) { s <- cumsum(x); cummax(c(0, s))[-1] - s }
slope <- function(x, market, level, h = 1e-6) {
  (ru(summed(market + h * x), level) - ru(summed(market - h * x), level)) / (2 * h) / ru(summed(market), level)
}
compounded <- function(x, market, level) {  # rows from the worst on, the last one with the weight that is left
  w <- c(1, cumprod(1 + market)); a <- c(1, cumprod(1 + x)); dd <- 1 - w / cummax(w)
  last <- sapply(seq_along(w), function(t) max(which(dd[1:t] == 0)))
  loss <- (1 - a / a[last])[-1]; dd <- dd[-1]; mass <- (1 - level) * length(dd)
  use <- order(-dd); q <- pmin(1, pmax(0, mass - (seq_along(use) - 1)))
  sum(q * loss[use]) / sum(q * dd[use])
}
for (level in c(.6, .75, .9, .95)) {
  put(paste("cdar beta", level), compounded(p, b, level)); put(paste("cdar beta, summed", level), slope(p, b, level))
}
ca <- e$convertible_arbitrage; cta <- e$cta_global; short <- e$short_selling
for (level in c(.9, .95, .999)) {
  put(paste("cdar beta of convertible arbitrage on cta global", level), compounded(ca, cta, level))
  put(paste("cdar beta of short selling on convertible arbitrage", level), compounded(short, ca, level))
}
