package vector

// Normal is y = (x - mean) * inverse * gamma + beta, gamma and beta being as long as y.
func Normal(y, x, gamma, beta []float32, mean, inverse float32) {
	x, gamma, beta = x[:len(y)], gamma[:len(y)], beta[:len(y)]
	n := whole(len(y))
	if n > 0 {
		normal(n, &y[0], &x[0], &gamma[0], &beta[0], mean, inverse)
	}
	for i := n; i < len(y); i++ {
		y[i] = (x[i]-mean)*inverse*gamma[i] + beta[i]
	}
}

// Weighed is the sum of g * gamma, and that of g * gamma * (x - mean).
func Weighed(g, gamma, x []float32, mean float32) (sum, dot float64) {
	gamma, x = gamma[:len(g)], x[:len(g)]
	n := whole(len(g))
	if n > 0 {
		sum, dot = weighed(n, &g[0], &gamma[0], &x[0], mean)
	}
	for i := n; i < len(g); i++ {
		v := float64(g[i] * gamma[i])
		sum += v
		dot += v * float64(x[i]-mean)
	}
	return sum, dot
}

// NormalBack is dx = a * g * gamma + b * (x - mean) + c.
func NormalBack(dx, g, gamma, x []float32, a, b, mean, c float32) {
	g, gamma, x = g[:len(dx)], gamma[:len(dx)], x[:len(dx)]
	n := whole(len(dx))
	if n > 0 {
		normalBack(n, &dx[0], &g[0], &gamma[0], &x[0], a, b, mean, c)
	}
	for i := n; i < len(dx); i++ {
		dx[i] = a*g[i]*gamma[i] + b*(x[i]-mean) + c
	}
}

// NormalColumns is, for each column i of rows that are stride apart, dbeta[i], the sum of g, and dgamma[i], that of
// g * (x - mean) * inverse, where each row has a mean and an inverse.
func NormalColumns(dgamma, dbeta, g, x, mean, inverse []float32, stride int) {
	rows := len(mean)
	if rows == 0 {
		clear(dgamma)
		clear(dbeta)
		return
	}
	inverse, dbeta = inverse[:rows], dbeta[:len(dgamma)]
	_, _ = g[(rows-1)*stride+len(dgamma)-1], x[(rows-1)*stride+len(dgamma)-1]
	n := whole(len(dgamma))
	for i := 0; i < n; i += lanes {
		normalColumns(rows, 4*stride, &dgamma[i], &dbeta[i], &g[i], &x[i], &mean[0], &inverse[0])
	}
	for i := n; i < len(dgamma); i++ {
		sum, dot := 0.0, 0.0
		for r, m := range mean {
			v := float64(g[r*stride+i])
			sum += v
			dot += v * float64((x[r*stride+i]-m)*inverse[r])
		}
		dgamma[i], dbeta[i] = float32(dot), float32(sum)
	}
}
