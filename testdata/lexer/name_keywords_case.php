<?php
ABSTRACT And eChO __class__ __HALT_compileR