package feed

// maxrssUnit is what getrusage counts memory in: kilobytes, getrusage(2).
const maxrssUnit = 1024
