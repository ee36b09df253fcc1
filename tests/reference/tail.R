# Historical VaR and CVaR by the Rockafellar-Uryasev minimisation, with no fractional-weight formula in it.
# CVaR = min over c of  c + mean(pmax(loss - c, 0)) / (1 - level); the minimum of this convex, piecewise linear function
# is at a sample point, and VaR is its smallest minimiser. Also what PerformanceAnalytics prints on EDHEC.
# Run from this folder: Rscript tail.R > tail.out
ru <- function(name, loss, level) {
  points <- sort(unique(loss))
  value <- sapply(points, function(c) c + mean(pmax(loss - c, 0)) / (1 - level))
  at <- which(value <= min(value) + 1e-12 * max(abs(loss)))[1]
  cat(sprintf("%-34s level %.15g  VaR %.15g  CVaR %.15g\n", name, level, points[at], min(value)))
}
for (level in c(.9, .94, .95, .99, .56)) ru("losses 1..20", 1:20, level)
for (level in c(.9, .95, .99)) ru("losses 1..10", 1:10, level)
for (level in c(2/3, 7/12, 7/8)) ru("six scenarios 100..600", seq(100, 600, 100), level)
wiki <- -c(-100, rep(-20, 3), rep(0, 4), rep(50, 2))
for (level in c(.95, .9, .8, .7, .6)) ru("ten outcomes, Wikipedia", wiki, level)
for (level in c(.95, .9, .8)) ru("all equal 3", rep(3, 7), level)
d <- read.csv("../../riskresearch/metrics/_edhec_excerpt.csv")
for (name in names(d)[-1]) for (level in c(.9, .95, .975, .99)) ru(name, -d[[name]], level)
cat("\n# PerformanceAnalytics' historical estimators (R type 7 quantile; strict tail), to be matched to its printed numbers\n")
for (name in names(d)[-1]) {
  x <- d[[name]]; q <- quantile(x, 0.05, names = FALSE)
  cat(sprintf("%-22s VaR %.12f  ES strict tail %.12f  ES with ties %.12f\n", name, -q, -mean(x[x < q]), -mean(x[x <= q])))
}
