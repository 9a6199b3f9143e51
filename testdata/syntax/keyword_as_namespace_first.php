<?php
namespace list;
