<?php
class B {}