<?php A[0]; A::B[0]; A::B->c; A->b; __FILE__[0]; A::B::C;
