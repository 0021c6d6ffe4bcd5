// Package blobtest is what every [blob.Store] must do, as tests.
package blobtest
