<?php
throw new A; throw $e;
