// Package audience says who a thing is for, and who may see it: the only
// answer to that question, for every room that publishes.
//
// What a school publishes is addressed to audiences; one sees what is
// addressed to the audiences one holds now. A thing addressed to 600
// families is one row with one audience, not 600 rows.
package audience
