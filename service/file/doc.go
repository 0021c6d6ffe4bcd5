// Package file is where files are kept: those of each person, of each class and group, of each
// school and of each commune, in folders. What is in a space is its own's to read and to write; a
// folder or a file is opened to others by a share, addressed to audiences as all that a school
// publishes is, to be read, written, or put into: a casier, where each pupil sees their part alone.
//
// What a file holds is never lost: a new version leaves the one before it, and what is put in the
// bin stays there for thirty days. Who asks is told what they may do by one function, [Service.at],
// whichever way they come: a page, a form, a drive of their computer.
//
// A file comes in a form, or in parts by the protocol tus, so that who is cut goes on where they were.
//
// It owns the tables file_space, file_entry, file_version, file_share, file_star, file_upload, file_part and
// file_received. The bytes are
// core/blob's, what they are core/content's, to whom a share is addressed core/audience's; how
// computers mount the files is exchange/webdav's.
package file
