<?php
enum A { case class; }
