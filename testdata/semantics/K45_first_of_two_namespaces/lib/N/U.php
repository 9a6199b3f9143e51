<?php
namespace N {
    class U extends T implements \Countable
    {
        #[\ReturnTypeWillChange]
        public function count()
        {
            return 0;
        }
    }
}

namespace M {
    class V extends \N\T
    {
    }
}

namespace {
    function u_name()
    {
        return __FUNCTION__;
    }
}
