// Package blob keeps the bytes that people attach: photos, documents. A blob is
// written once, never changed, and named by what it holds ([Sum]): the same
// content put twice is one blob.
//
// What refers to a blob is a row of a room, which gives its sum, its name and its
// type and says who may see it; blobs know nothing of them. Nobody removes a blob
// when a row goes: [Sweep] removes, every night, those to which no row has referred
// for a day. So a room puts the blob first, and commits the row that refers to it
// within that day.
//
// [Folder] keeps blobs in a folder, sealed under the master key. A store of another
// sort passes the tests of blob/blobtest.
package blob
