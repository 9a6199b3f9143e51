<?php
namespace N {
    use N\B as Base;

    class T extends Base
    {
        public function name()
        {
            return \t_name($this);
        }
    }
}

namespace M {
    function t_name()
    {
        return __FUNCTION__;
    }
}

namespace {
    use N\T;

    function t_name(T $t = null)
    {
        return $t ? get_class($t) : 'none';
    }
}
