<?php
namespace Tree;
use ArrayObject as Storage;
class Branch extends Storage { const NAME = __CLASS__; }
