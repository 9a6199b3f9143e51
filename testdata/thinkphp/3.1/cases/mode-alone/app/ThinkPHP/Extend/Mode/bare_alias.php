<?php return array('Model' => './Model.php');
