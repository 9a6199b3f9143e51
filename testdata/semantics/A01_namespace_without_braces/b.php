<?php
class Till {}
echo Till::class, ' from ', \Shop\where();
