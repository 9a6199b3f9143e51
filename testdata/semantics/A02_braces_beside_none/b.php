<?php
namespace Right { function weight() { return 4; } }
namespace { echo \Left\weight() - \Right\weight(); }
