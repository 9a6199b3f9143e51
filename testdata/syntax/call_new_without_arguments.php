<?php
new A->b();
