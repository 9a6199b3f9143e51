<?php
class Bell implements Rings { }
