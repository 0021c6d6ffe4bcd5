// Package qr makes QR codes (ISO/IEC 18004, level M: an eighth of one may be
// stained) as what is dark in them, for whoever draws: a page, or paper; and finds those of
// a picture, however the sheet lay ([Find]).
package qr
