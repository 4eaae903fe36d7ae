// Package draw makes pictures: of a space as a railroad diagram or a tree, of a network with the shapes on its lines, and
// of how the costs of a space's points are spread. Each is an SVG file, and lines of text for a terminal; a network
// can be had for Graphviz as well. What is drawn depends on nothing but what is drawn of: the same in, the same bytes out.
//
// The layouts are the package's own: a layered graph needs some 200 lines, while Graphviz as WebAssembly costs every
// run of the program 40 ms at its start, and gonum's plots 9 MB for fonts.
package draw
