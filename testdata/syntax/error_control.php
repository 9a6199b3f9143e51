<?php
@$a[0] = @f() + @new A;
