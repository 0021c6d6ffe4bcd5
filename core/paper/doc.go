// Package paper makes the A4 documents that a school prints: letters, badges,
// lists. It writes text in the letters of European languages and in Arabic,
// frames, dashed lines to cut along, QR codes and small pictures, in black on white
// but for the pictures: a school pays for its ink. It knows nothing of what is written.
package paper
