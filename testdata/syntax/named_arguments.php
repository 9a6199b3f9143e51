<?php f(a: 1, array: 2, class: 3, ...$b); f($c ? D : E); new F(g: 1,);
