<?php
class C extends P {}
