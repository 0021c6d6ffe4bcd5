// Package preview makes of a file what is shown and found of it: two pictures of its first page or
// first instant, how many pages it has, and its words. What the file is, preau/core/content has said
// before; what is made is kept by whoever asks, and who may see it is theirs to say.
//
//	pictures              preau/core/photo, in this program
//	texts, words of today's office documents    in this program
//	PDF                   pdfinfo, pdftoppm, pdftotext (poppler-utils)
//	office documents      soffice (LibreOffice), which makes a PDF of them
//	films                 ffmpeg
//
// What a stranger sent is opened by other programs in a box alone ([Maker.Boxed]): bubblewrap,
// in namespaces of its own, without a network, with /usr to read and one folder to write, no
// variable and no capability of ours. Where no box can be made, they are not run, unless an operator says
// so. They are a group of processes of their own, behind the others (nice), which ends whole.
//
// Its bounds: two films or PDF at once, and one office document; [maxPDF] and [maxOffice] bytes of a
// file, and of a film [filmHead] of its beginning and [filmTail] of its end, written for the time of
// it in a folder that is removed; 2 GB of memory a program and 40 seconds of a processor (LibreOffice: 4 GB and 60), 256 MB each file that it
// writes, a minute by the clock (LibreOffice: three). In this program: the memory of a photo, and
// [MaxWords] bytes of words out of [maxXML] of XML. What is beyond has nothing to show, which is no
// error.
package preview
