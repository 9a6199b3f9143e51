<?php
class Later {}
