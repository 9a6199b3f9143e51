<?php
namespace B { echo __NAMESPACE__; }
