<?php
(new A)->b();
