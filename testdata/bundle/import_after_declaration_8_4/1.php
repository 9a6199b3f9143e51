<?php
namespace N;
class Foo {}