<?php
namespace \A { }
