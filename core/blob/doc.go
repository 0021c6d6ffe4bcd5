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
// [Folder] keeps blobs in a folder, [Bucket] in an object storage that speaks S3, both
// sealed under the master key. An installation goes from one to another as it serves
// ([Moving], [Copy]), and a [Scrubber] sees to it that what is kept is as it was put, and
// that what is referred to is there. A store of another sort passes the tests of
// blob/blobtest.
//
// It knows nothing of the database: who calls [Sweep] or a [Scrubber] says what refers to
// which blobs (personal.Keeps, personal.Files).
package blob
