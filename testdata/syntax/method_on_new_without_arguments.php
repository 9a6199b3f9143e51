<?php new A->b();
