<?php
class readonly { }
