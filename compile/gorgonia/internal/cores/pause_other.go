//go:build !amd64

package cores

// pause does nothing where nothing is known to help.
func pause() {}
