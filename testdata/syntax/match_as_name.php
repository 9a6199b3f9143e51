<?php function match() {} match(1);
