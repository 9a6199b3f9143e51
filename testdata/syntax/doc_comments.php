<?php
/** of a */
function a() {}
/** lost */
namespace B;
/** of C */
abstract class C {
    /** of d */
    public $d, /** of e */ $e = 1;
    /** of f */
    const F = 1;
    /** of g */ function /** of g again */ g(/** of h */ $h) {}
}
