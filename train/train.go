// Package train trains one point's graph and reports what came of it. A graph of ops, a data set and
// the settings of a config block enter; metrics leave. A training that fails on its own terms, as when
// the loss stops being finite, is a result too: errors are kept for what the caller must mend.
package train
