<?php
class Adapter extends NotInstalled\Driver {}
