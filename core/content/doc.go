// Package content tells what a file is by its bytes, whatever it is called ([Look]), refuses what
// is made to deceive or to overwhelm whoever opens it, and gives a name that every system can
// write ([Name]). It is for rooms that keep any file; preau/core/attach, which accepts a few
// kinds, asks it about archives and asks more of them.
//
// It does not tell whether a file does harm (preau/core/virus), and shows nothing of it
// (preau/core/preview). A program, a page, a document with macros are kept: they are never
// shown ([Shown]).
//
// A file of any size is looked at without being read whole. At most two are looked at at once, in
// all of the program, and of each: [edge] bytes of either end; an archive of [maxMembers] members,
// whose directory has [maxDirectory] bytes, some 100 MB of memory; [maxUnpacked] bytes unpacked;
// [maxOld] bytes of an old document. What is encrypted, is in no archive that is read here (7z, rar,
// xz, bzip2), or is beyond these bounds is kept, and was not looked into.
package content
