<?php
class P {}
