<?php
namespace Lib;
class Node {}
