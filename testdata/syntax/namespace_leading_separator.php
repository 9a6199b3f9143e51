<?php
namespace \A;
