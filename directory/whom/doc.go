// Package whom is how somebody says for whom what they publish is: the families of a
// class, of one of its levels or of some of its pupils, or those of a school; or the circles of a school or of the
// schools of a commune or of an RPI: families, pupils, the team. It is a page where one looks
// for whom one addresses ([Door]), and one question of forms ([Question], [PickCircles]) with its
// reading and the sentence that says who reads, for every room that publishes.
//
// What audiences are is core/audience's; who may publish where, each room's rights.
package whom
