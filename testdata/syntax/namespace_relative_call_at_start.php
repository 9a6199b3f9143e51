<?php
namespace\f();
