// Package photo makes of a picture that somebody sends what is shown and kept: two
// JPEG files, upright, of a known size, that say nothing but the picture.
//
// What a telephone sends tells where the child lives (GPS), when, and with which
// device, and may hold a thumbnail of what was cut out. Nothing of it is copied: the
// points are decoded, turned as the camera says, made fewer and written again. The
// colours of a wide profile (Display P3) are read as sRGB, a little paler.
//
// A small file may hold a huge picture, or draw it a thousand times: the size is read
// before the picture is, and how often it is drawn. Pictures are made a few at a time, by
// the memory that they take, and one at a time of whoever sends them ([Studio]).
//
// A room that keeps a picture as large as it comes has it cleaned in the same way
// ([Studio.Clean]).
//
// [Album] keeps them in preau/core/blob, and [Wall] is how a room writes which of its
// things have which. Who may see them is the room's to say.
package photo
