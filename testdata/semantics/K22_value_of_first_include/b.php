<?php
class B {}
