# Alpha, beta and their kin on ten periods with a risk-free rate that moves, from lm() and base arithmetic.
# Run from this folder: Rscript benchmark_relative.R > benchmark_relative.out
p  <- c(.021, -.013, .034, .002, -.041, .028, .015, -.007, .052, -.019)
b  <- c(.018, -.020, .025, -.004, -.030, .022, .000, .006, .038, -.024)
rf <- c(.0010, .0010, .0012, .0012, .0015, .0015, .0015, .0011, .0010, .0010)
py <- 12
put <- function(name, value) cat(sprintf("%-44s %.15g\n", name, value))
both <- function(tag, y, x) {
  fit <- lm(y ~ x); a <- unname(coef(fit)[1])
  put(paste(tag, "beta"), unname(coef(fit)[2])); put(paste(tag, "alpha per period"), a)
  put(paste(tag, "alpha x 12"), a * py); put(paste(tag, "alpha (1+a)^12-1"), (1 + a)^py - 1)
  put(paste(tag, "r squared"), summary(fit)$r.squared)
  put(paste(tag, "standard error of alpha"), coef(summary(fit))[1, 2])
  put(paste(tag, "standard error of beta"), coef(summary(fit))[2, 2])
}
both("rf 0:", p, b); both("rf series:", p - rf, b - rf)
a <- p - b
put("tracking error per period, n-1", sd(a)); put("tracking error per period, n", sqrt(mean((a - mean(a))^2)))
put("tracking error annual, n-1", sd(a) * sqrt(py)); put("information ratio per period", mean(a) / sd(a))
put("information ratio annual", mean(a) / sd(a) * sqrt(py))
put("sharpe per period, rf series", mean(p - rf) / sd(p - rf))
put("sharpe annual, rf series", mean(p - rf) / sd(p - rf) * sqrt(py))
put("sharpe annual, rf 0", mean(p) / sd(p) * sqrt(py))
up <- b > 0; dn <- b < 0
comp <- function(x) prod(1 + x) - 1; gm <- function(x) prod(1 + x)^(1 / length(x)) - 1
put("up capture, means", mean(p[up]) / mean(b[up])); put("down capture, means", mean(p[dn]) / mean(b[dn]))
put("up capture, compound", comp(p[up]) / comp(b[up])); put("down capture, compound", comp(p[dn]) / comp(b[dn]))
put("up capture, geometric mean", gm(p[up]) / gm(b[up])); put("down capture, geometric mean", gm(p[dn]) / gm(b[dn]))
put("down capture, geometric mean, b <= 0", gm(p[!up]) / gm(b[!up]))
put("up capture, annualised", (prod(1 + p[up])^(py / sum(up)) - 1) / (prod(1 + b[up])^(py / sum(up)) - 1))
put("down capture, annualised", (prod(1 + p[dn])^(py / sum(dn)) - 1) / (prod(1 + b[dn])^(py / sum(dn)) - 1))
